-- New persons with their contacts, documents and accounts; ids were taken from the sequence, values are encrypted.
WITH new_person AS (
    INSERT INTO person (id, kind, name, sort_key, segment, phone_mask, phone_tail, created_at)
    SELECT id, kind, name, sort_key, segment, phone_mask, phone_tail, %(at)s
    FROM unnest(%(p_id)s::bigint[], %(p_kind)s::text[], %(p_name)s::text[], %(p_sort)s::text[], %(p_segment)s::text[],
                %(p_mask)s::text[], %(p_tail)s::text[])
         AS p(id, kind, name, sort_key, segment, phone_mask, phone_tail)
),
new_contact AS (
    INSERT INTO contact_point (person_id, kind, value_enc, mask, blind, tail_blind, preferred, valid_from)
    SELECT person_id, kind, value_enc, mask, blind, tail_blind, true, %(today)s
    FROM unnest(%(c_person)s::bigint[], %(c_kind)s::text[], %(c_enc)s::bytea[], %(c_mask)s::text[], %(c_blind)s::bytea[],
                %(c_tail)s::bytea[]) AS c(person_id, kind, value_enc, mask, blind, tail_blind)
),
new_document AS (
    INSERT INTO identity_document (person_id, kind, number_enc, mask, blind)
    SELECT * FROM unnest(%(d_person)s::bigint[], %(d_kind)s::text[], %(d_enc)s::bytea[], %(d_mask)s::text[],
                         %(d_blind)s::bytea[])
)
INSERT INTO bank_account (person_id, bank, number_enc, mask, blind)
SELECT * FROM unnest(%(b_person)s::bigint[], %(b_bank)s::text[], %(b_enc)s::bytea[], %(b_mask)s::text[],
                     %(b_blind)s::bytea[])
