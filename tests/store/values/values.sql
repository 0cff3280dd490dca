-- SPDX-License-Identifier: Apache-2.0
-- values - statements that give back what they are given, for test-values

-- :name scalars one
-- Each value as it came, and as the server understands it.
-- :param b bool
-- :param i2 int2
-- :param i4 int4
-- :param i8 int8
-- :param d date
-- :param t timestamptz
-- :param u uuid
-- :param x text
-- :param y bytea
-- :column b bool
-- :column i2 int2
-- :column i4 int4
-- :column i8 int8
-- :column d date
-- :column t timestamptz
-- :column u uuid
-- :column x text(300)
-- :column y bytea
-- :column said text(1000)
SELECT :b, :i2, :i4, :i8, :d, :t, :u, :x, :y,
       concat_ws(' ', :b, :i2, :i4, :i8, :d, :t, :u, :x, encode(:y, 'hex'));

-- :name nulls one
-- :param i8 int8?
-- :param d date?
-- :param t timestamptz?
-- :param u uuid?
-- :param x text?
-- :column i8 int8?
-- :column d date?
-- :column t timestamptz?
-- :column u uuid?
-- :column x text(20)?
-- :column b bool?
-- :column i4 int4?
-- :column y bytea?
-- :column z bytea(4)?
-- :column count int4
SELECT :i8, :d, :t, :u, :x, NULL::boolean, NULL::integer, NULL::bytea, NULL::bytea,
       num_nulls(:i8, :d, :t, :u, :x);

-- :name short one
-- A text that is longer than its column, and bytes that just fit.
-- :param x text
-- :param y bytea
-- :column x text(5)
-- :column y bytea(4)
SELECT :x, :y;

-- :name day one
-- :param d date
-- :column d date
-- :column number int4
SELECT :d, to_char(:d, 'YYYYMMDD')::integer;

-- :name far_days one
-- :param n int4
-- :column above date
-- :column below date
-- :column late date
-- :column early date
SELECT 'infinity'::date, '-infinity'::date, '5874897-12-31'::date - :n, '4713-01-01 BC'::date + :n;

-- :name moment one
-- :param t timestamptz
-- :column t timestamptz
-- :column said text(64)
SELECT :t, :t::text;

-- :name arrays many
-- :param u uuid[]
-- :param i2 int2[]
-- :param i4 int4[]
-- :param i8 int8[]
-- :param x text[]
-- :param y bytea[]
-- :column u uuid
-- :column i2 int2
-- :column i4 int4
-- :column i8 int8
-- :column x text(20)
-- :column y bytea
-- :column at int8
SELECT u, i2, i4, i8, x, y, at
FROM unnest(:u, :i2, :i4, :i8, :x, :y) WITH ORDINALITY AS given(u, i2, i4, i8, x, y, at)
ORDER BY at;

-- :name array_sizes one
-- :param u uuid[]
-- :param x text[]
-- :column u int4
-- :column x int4
SELECT cardinality(:u), cardinality(:x);
