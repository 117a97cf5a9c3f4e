# scenarios: bare
shown = '%s-%05d|%.2f|%x|%r|%%|%-5s|%+d' % ('a', 3, 2.5, 255, 'q', 'b', 3)
shown += ' %(user)s %(user)s' % {'user': 'jane'}
shown += ' %s' % [1, 2]
name = 'hello %s'
name %= 'you'
wrong = []
for template, values in (('%d', 'x'), ('%s %s', ('a',)), ('%s', ('a', 'b')), ('%q', 1), ('%(a)s', 1), ('%', 1), ('x', 1)):
    try:
        wrong.append(template % values)
    except (TypeError, ValueError) as error:
        wrong.append(str(error))
return [shown, name, 17 % 5, -7 % 3] + wrong
