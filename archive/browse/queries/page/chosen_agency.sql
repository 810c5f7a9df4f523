-- The notices that an agency issued, alone or with others; its name is as it is printed. (A quoted name is one whole
-- element of the list.)
select n from notices where issuing_agency = :given
union
select n from notices
where instr(issuing_agencies, '", "') > 0 and instr(issuing_agencies, json_quote(:given)) > 0
