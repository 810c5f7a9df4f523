select code, name, name_en, parent, level from divisions order by code
