-- What is said about the district's officers lies with the district's auditors, never with a street that answers to them.
update complaints set level = 'district', state = 'received', handler = null
where about_role = 'district_officer' and level = 'street' and state in ('received', 'handling');
