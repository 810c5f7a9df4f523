-- The notices that an agency issued, alone or with others; its name is as it is printed.
with chosen(n, id) as (
  select n, id from notices where issuing_agency = :given
  union
  select n, id from notices
  where instr(issuing_agencies, '", "') > 0
    and exists (select 1 from json_each(issuing_agencies) where value = :given)
)
