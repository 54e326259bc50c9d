INSERT INTO payment_order (number, account_id, gateway, method, subject_kind, subject_id, payer, description, amount,
                           state, prepay, created_at, expires_at, next_check_at)
VALUES (%(number)s, %(account)s, %(gateway)s, %(method)s, %(kind)s, %(id)s, %(payer)s, %(description)s, %(amount)s,
        'created', '{}', %(now)s, %(expires)s, %(check)s)
ON CONFLICT (org_id, subject_kind, subject_id, payer) WHERE state IN ('created', 'prepared') DO NOTHING
RETURNING id
