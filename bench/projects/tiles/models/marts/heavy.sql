/* ---
description: A long build over ten times the activities
materialization: table
--- */

select a.account, a.kind, b.n, count(*) as activities, sum(a.amount) as amount, count(distinct a.sdr) as people
from other.events as a
cross join (values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as b (n)
group by a.account, a.kind, b.n
