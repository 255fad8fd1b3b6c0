-- The weights of evidence that matching starts with.

INSERT INTO match_weight (field, level, m, u) SELECT field, level, m, u FROM lsce.match_default_weights();
