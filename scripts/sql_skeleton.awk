# Print SQL without its comments, string literals and dollar-quoted bodies, line
# for line, so that what is left can be searched for statements.

{
	rest = $0
	out = ""
	while (rest != "")
	{
		if (tag != "")				# inside a dollar-quoted body
		{
			at = index(rest, tag)
			if (at == 0)
				break
			rest = substr(rest, at + length(tag))
			tag = ""
		}
		else if (quoted)			# inside a string literal; '' leaves and enters again
		{
			at = index(rest, "'")
			if (at == 0)
				break
			rest = substr(rest, at + 1)
			quoted = 0
		}
		else if (commented)
		{
			at = index(rest, "*/")
			if (at == 0)
				break
			rest = substr(rest, at + 2)
			commented = 0
		}
		else if (match(rest, /--|\/\*|'|\$[A-Za-z_]*\$/))
		{
			out = out substr(rest, 1, RSTART - 1) " "
			mark = substr(rest, RSTART, RLENGTH)
			rest = substr(rest, RSTART + RLENGTH)
			if (mark == "--")
				break
			else if (mark == "/*")
				commented = 1
			else if (mark == "'")
				quoted = 1
			else
				tag = mark
		}
		else
		{
			out = out rest
			break
		}
	}
	print out
}
