-- The months in a bill's name, as messages say it: 11月; 11月至2月 for more than a month. The portal's pages say the same.
CREATE FUNCTION bill_months(p_from date, p_to date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT extract(month FROM p_from) || '月'
           || CASE WHEN p_to - p_from > 31 THEN '至' || extract(month FROM p_to - 1) || '月' ELSE '' END
$$;
