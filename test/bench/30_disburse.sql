-- Hand-overs: a model where every rule passes, and beside it the same tables
-- without triggers of lsce ("bare") and with the same rules in PL/pgSQL
-- ("hand"), early exit, plans cached, one statement for each probe.
\set model crm
\cd :dir
