"""The laws that hold in every organization when nothing is under way, each as one query for its breaches."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Law:
    """A law: its query gives one row (a text that names it by ids) for each breach."""

    key: str
    zh: str
    en: str
    sql: str


LAWS = (
    Law(
        "charge_once",
        "每份合同每一期的每一项费用只收一次",
        "Everything owed for a period is charged once",
        """
        SELECT format('lease %s %s %s %s', c.lease_id, c.kind, c.name, c.period_from)
        FROM charge c LEFT JOIN charge r ON r.reverses_id = c.id
        WHERE c.amount > 0 AND r.id IS NULL AND (c.source = 'schedule' OR c.source LIKE 'fee:%')
        GROUP BY c.lease_id, c.kind, c.name, c.period_from HAVING count(*) > 1
        """,
    ),
    Law(
        "bill_whole",
        "每张账单都有费用，每个出账判定都有账单",
        "Every bill has charges, every decision to bill has its bill",
        """
        SELECT format('bill %s', b.id) FROM bill b WHERE NOT EXISTS (SELECT FROM charge c WHERE c.bill_id = b.id)
        UNION ALL
        SELECT format('decision of run %s about lease %s', d.run_id, d.subject_id)
        FROM decision d JOIN sweep_run r ON r.id = d.run_id AND r.sweep = 'billing' AND r.state = 'done'
        WHERE d.code = 'billed'
          AND NOT EXISTS (SELECT FROM bill b WHERE b.id = d.effect_id AND b.lease_id = d.subject_id)
        UNION ALL
        SELECT format('bill %s of no decision', b.id) FROM bill b JOIN sweep_run r ON r.id = b.run_id
        WHERE NOT EXISTS (SELECT FROM decision d WHERE d.run_id = b.run_id AND d.as_of = r.as_of
                          AND d.subject_id = b.lease_id AND d.code = 'billed')
        """,
    ),
    Law(
        "charge_settled",
        "每笔费用：未付 = 应付 − 已核销",
        "What is open of a charge is its amount less what settled it",
        """
        SELECT format('charge %s', c.id) FROM charge c
        LEFT JOIN (SELECT charge_id, sum(amount) AS amount FROM allocation GROUP BY charge_id) a ON a.charge_id = c.id
        WHERE c.amount > 0 AND (c.open <> c.amount - coalesce(a.amount, 0) OR c.open < 0)
        """,
    ),
    Law(
        "credit_used",
        "每笔款项：余额 = 金额 − 已核销 − 已退",
        "What is open of a credit is its amount less what it settled and what went back",
        """
        SELECT format('credit %s', k.id) FROM credit k
        LEFT JOIN (SELECT credit_id, sum(amount) AS amount FROM allocation GROUP BY credit_id) a ON a.credit_id = k.id
        LEFT JOIN (SELECT credit_id, sum(amount) AS amount FROM payout WHERE state <> 'failed' AND credit_id IS NOT NULL
                   GROUP BY credit_id) p ON p.credit_id = k.id
        WHERE k.open <> k.amount - coalesce(a.amount, 0) - coalesce(p.amount, 0) OR k.open < 0
        """,
    ),
    Law(
        "money_kept",
        "收到的钱 = 已核销 + 余额 + 已退（含在途）",
        "Money in is what it settled, what is left and what went back",
        """
        SELECT format('in %s, settled %s, left %s, back %s', i, s, l, b) FROM (
            SELECT (SELECT coalesce(sum(amount), 0) FROM payment) AS i,
                   (SELECT coalesce(sum(a.amount), 0) FROM allocation a JOIN credit k ON k.id = a.credit_id
                    WHERE k.kind = 'payment') AS s,
                   (SELECT coalesce(sum(open), 0) FROM credit WHERE kind = 'payment') AS l,
                   (SELECT coalesce(sum(p.amount), 0) FROM payout p JOIN credit k ON k.id = p.credit_id
                    WHERE k.kind = 'payment' AND p.state <> 'failed') AS b
        ) m WHERE i <> s + l + b
        """,
    ),
    Law(
        "deposit_held",
        "押金：收到的不少于已抵扣和已退的",
        "No more of a deposit is used or returned than was received",
        """
        SELECT format('lease %s', lease_id) FROM (
            SELECT l.id AS lease_id,
                   (SELECT coalesce(sum(a.amount), 0) FROM allocation a JOIN charge c ON c.id = a.charge_id
                    JOIN credit k ON k.id = a.credit_id
                    WHERE c.lease_id = l.id AND c.kind = 'deposit' AND k.kind <> 'write_off') AS received,
                   (SELECT coalesce(sum(amount), 0) FROM credit
                    WHERE lease_id = l.id AND kind = 'deposit_release') AS released
            FROM lease l WHERE EXISTS (SELECT FROM charge c WHERE c.lease_id = l.id AND c.kind = 'deposit')
        ) d WHERE released > received
        """,
    ),
    Law(
        "payment_once",
        "每个付清的订单恰好对应一笔收款",
        "Every paid order is exactly one payment, and no payment comes from an unpaid one",
        """
        SELECT format('order %s: %s payments', o.id, count(p.id)) FROM payment_order o
        LEFT JOIN payment p ON p.source = 'order:' || o.id AND p.amount = o.paid_amount
        WHERE o.paid_at IS NOT NULL AND o.subject_kind IN ('bill', 'lease') GROUP BY o.id HAVING count(p.id) <> 1
        UNION ALL
        SELECT format('payment %s', p.id) FROM payment p
        LEFT JOIN payment_order o ON p.source = 'order:' || o.id AND o.paid_at IS NOT NULL
        WHERE p.source LIKE 'order:%' AND o.id IS NULL
        """,
    ),
    Law(
        "message_once",
        "每笔欠款每一步每个渠道只发一条",
        "One message for a debt, a step and a channel",
        """
        SELECT format('%s %s %s %s', subject_kind, subject_id, template, channel) FROM message
        WHERE kind = 'reminder' AND run_id IS NOT NULL AND position('>' in dedupe) = 0
        GROUP BY subject_kind, subject_id, template, channel, vars ->> 'due' HAVING count(*) > 1
        """,
    ),
    Law(
        "sent_once",
        "已送出的消息只被服务商接受一次",
        "A message was accepted by its provider once",
        """
        SELECT format('message %s', message_id) FROM message_attempt WHERE outcome IN ('accepted', 'delivered')
        GROUP BY message_id HAVING count(*) > 1
        """,
    ),
    Law(
        "accounted",
        "每次运行：候选 = 各判定之和 = 判定记录数",
        "In every run candidates equal the sum of decisions and the rows that hold them",
        """
        SELECT format('run %s: %s candidates, %s told, %s rows', r.id, r.candidates, told, kept) FROM sweep_run r
        CROSS JOIN LATERAL (SELECT coalesce(sum(v::bigint), 0) AS told FROM jsonb_each_text(r.tally) t(k, v)) t
        CROSS JOIN LATERAL (SELECT coalesce(sum(candidates), 0) AS batched FROM sweep_batch b WHERE b.run_id = r.id) b
        CROSS JOIN LATERAL (SELECT count(*) AS kept FROM decision d WHERE d.as_of = r.as_of AND d.run_id = r.id) d
        WHERE r.state = 'done' AND (r.candidates <> told OR r.candidates <> batched OR r.candidates <> kept)
        UNION ALL
        SELECT format('run %s failed: %s', id, fault) FROM sweep_run WHERE state = 'failed'
        """,
    ),
    Law(
        "rolled_up",
        "每月每栋的应收、已收与逐笔相加一致",
        "The kept sums by month and building equal the sum of their rows",
        """
        SELECT format('%s %s %s', month, scope_id, building_id) FROM (
            SELECT date_trunc('month', due_on)::date AS month, scope_id, coalesce(building_id, 0) AS building_id,
                   sum(amount) AS due,
                   sum(CASE WHEN amount > 0 THEN amount - open ELSE amount END) AS settled
            FROM charge WHERE kind <> 'deposit' GROUP BY 1, 2, 3
        ) counted FULL JOIN billing_month m USING (month, scope_id, building_id)
        WHERE coalesce(counted.due, 0) <> coalesce(m.due, 0) OR coalesce(counted.settled, 0) <> coalesce(m.settled, 0)
        """,
    ),
    Law(
        "let_once",
        "同一处房源同一天只租给一份合同",
        "A place is let once on a day",
        """
        SELECT format('unit %s: leases %s, %s', a.leaf_unit_id, a.lease_id, b.lease_id) FROM lease_unit a
        JOIN lease_unit b ON b.leaf_unit_id = a.leaf_unit_id AND b.id > a.id AND b.occupied && a.occupied
        """,
    ),
)
