# kind: mapping
# scenarios: rich
# The lines of a long string are indented with the rest, as the peer does it.
text = """one
two

  three"""
given, _, family = user.name.partition(" ")
return [text, given, family, "{} {:03d}".format("a", 7), f"{user.email!r:<20}|", dn.split(",")[::-1], "ü" * 2]
