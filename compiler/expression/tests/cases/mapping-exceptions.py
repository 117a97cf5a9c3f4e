# kind: mapping
# scenarios: rich
from rest_framework.exceptions import ValidationError
found = []
for wrong in [lambda: {}["x"], lambda: [][1], lambda: None.x, lambda: int("x"), lambda: 1 / 0, lambda: "a" + 1]:
    try:
        wrong()
    except (KeyError, IndexError) as error:
        found.append("look-up")
    except Exception as error:
        found.append(f"{type(error).__name__}: {error}")
    finally:
        found.append(".")
if len(found) == 12:
    raise ValidationError("too " + "bad")
