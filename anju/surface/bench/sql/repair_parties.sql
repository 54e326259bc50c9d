INSERT INTO lease_party (lease_id, person_id, role, from_on) SELECT id, payer_id, 'payer', start_on FROM lease
