select title, text, text_digest, fields, files
from revisions
where copy = :copy and number = :number
