# Assemble the install script of lsce from the modules named in sql/MANIFEST.
#
# Files of extension/ are copied as they are.  Files of model/, seed/ and demo/
# become rows (ord, kind, name, body) of the function lsce._modules(); their
# text is executed later, inside a schema that the caller owns.  In it
#   @model@          stands for the quoted name of the model's schema
#   @model_literal@  for the same as a string literal, to be cast to regnamespace
# A body may not hold the delimiter used here.
#
# usage: awk -v root=sql -v version=0.1 -f sql/build.awk sql/MANIFEST
#        awk -v root=sql -v upgrade=1 -f sql/build.awk sql/MANIFEST
#
# The second form prints lsce._modules() only, as the end of an upgrade script.

function fail(what)
{
	print "build.awk: " what > "/dev/stderr"
	failed = 1
	exit 1
}

function slurp(path,    line, text, n)
{
	text = ""
	while ((n = (getline line < path)) > 0)
	{
		if (index(line, "$lsce_module$") || index(line, "$lsce_modules$"))
			fail(path ": holds the module delimiter")
		text = text line "\n"
	}
	if (n < 0)
		fail("cannot read " path)
	close(path)
	return text
}

/^[ \t]*(#|$)/ { next }

{
	split($1, part, "/")
	path = root "/" $1
	if (part[1] == "extension" && upgrade)
		next
	else if (part[1] == "extension")
		print "-- " $1 "\n" slurp(path)
	else if (part[1] == "model" || part[1] == "seed" || part[1] == "demo")
	{
		name = part[2]
		sub(/\.sql$/, "", name)
		rows = rows (rows == "" ? "" : ",\n") "(" ++ord ", '" part[1] "', '" name "', $lsce_module$\n" slurp(path) "$lsce_module$)"
	}
	else
		fail($1 ": unknown kind of module")
}

END {
	if (failed)
		exit 1
	if (rows == "")
		exit 0
	print "-- the text of the model, its seeds and its demo"
	print "CREATE " (upgrade ? "OR REPLACE " : "") "FUNCTION lsce._modules(OUT ord integer, OUT kind text, OUT name text, OUT body text)"
	print "RETURNS SETOF record LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 40 SET search_path = pg_catalog, pg_temp AS $lsce_modules$"
	print "VALUES " rows
	print "$lsce_modules$;"
	print "COMMENT ON FUNCTION lsce._modules() IS 'text of the model''s modules in the order of sql/MANIFEST; executed by lsce.create_model() and lsce.load_demo()';"
}
