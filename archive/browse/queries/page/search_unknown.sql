-- Those of the values asked for that no notice has.
select 'type' as name, value from json_each(:type)
  where not exists (select 1 from notices where document_type = value)
union all
select 'province', value from json_each(:province) where not exists (select 1 from notices where province = value)
union all
select 'city', value from json_each(:city) where not exists (select 1 from notices where city = value)
union all
select 'agency', value from json_each(:agency)
  where not exists (select 1 from notices where issuing_agency = value) and not exists (select 1 from facets
    where instr(char(10) || agencies || char(10), char(10) || value || char(10)))
union all
select 'source', value from json_each(:source) where not exists (select 1 from sources where key = value)
