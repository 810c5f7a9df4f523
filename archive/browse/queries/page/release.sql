select max(iif(key = 'name', value, null)) as name, max(iif(key = 'selection.options', value, null)) <> '{}' as chosen from release
