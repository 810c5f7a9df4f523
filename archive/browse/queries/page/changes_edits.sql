-- Edits of the copies that notices take their text from. Told from indexes alone, unless an agency or a source is asked
-- for: a revision's row is as long as its text.
select notices.n, copy, number, rank, seen_from as at, classes, headline
from revisions
join notices on notices.best_copy = copy
where number > 1 and rank is not null
  and (:source is null or exists (select 1 from copies where url_key = copy and source = :source))
  and (:agency is null or notices.issuing_agency = :agency
    or (instr(notices.issuing_agencies, '", "') > 0 and instr(notices.issuing_agencies, json_quote(:agency)) > 0))
