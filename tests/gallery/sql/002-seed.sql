-- The same rows in every bed: all values come from the row's number.
INSERT INTO artists (id, name, joined_at)
SELECT n, format('Artist %s', n), timestamptz '2024-01-01 00:00:00+00' + n * interval '3 days'
FROM generate_series(1, 60) AS n;

INSERT INTO artworks (id, artist_id, title, style, seed, price_wei, created_at)
SELECT n, 1 + n % 60, format('%s no. %s', (ARRAY['Tide', 'Ember', 'Lichen', 'Dusk'])[1 + n % 4], n),
       (ARRAY['tide', 'ember', 'lichen', 'dusk'])[1 + n % 4], n * 7919 % 2147483647,
       (1 + n % 90) * 10000000000000000::numeric, timestamptz '2024-06-01 00:00:00+00' + n * interval '4 hours'
FROM generate_series(1, 2400) AS n;

INSERT INTO generations (id, artwork_id, seed, style, status, seconds, created_at, finished_at)
SELECT md5(format('generation %s', n)), n, n * 7919 % 2147483647, (ARRAY['tide', 'ember', 'lichen', 'dusk'])[1 + n % 4],
       'done', 0.05 + (n % 40) / 100.0, timestamptz '2024-06-01 00:00:00+00' + n * interval '4 hours',
       timestamptz '2024-06-01 00:00:01+00' + n * interval '4 hours'
FROM generate_series(1, 2400) AS n;

SELECT setval(pg_get_serial_sequence('artists', 'id'), 60), setval(pg_get_serial_sequence('artworks', 'id'), 2400);
