-- Every value that a filter can take.
select distinct document_type as value from notices where :name = 'type' and document_type <> ''
union
select distinct issuing_agency from notices where :name = 'agency' and issuing_agency <> ''
union
select distinct province from notices where :name = 'province' and province <> ''
union
select distinct city from notices where :name = 'city' and city <> ''
