select rule, places from masks where notice = :id order by rule
