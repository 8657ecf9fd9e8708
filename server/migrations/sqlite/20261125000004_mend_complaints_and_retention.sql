-- What is said about the district's officers lies with the district's auditors, never with a street that answers to them.
update complaints set level = 'district', state = 'received', handler = null
where about_role = 'district_officer' and level = 'street' and state in ('received', 'handling');

-- A complaint is nobody's account's: number and code, or the telephone's digits, open those that were kept with one.
update complaints set device = null where substr(device, 1, 9) = 'resident:';
delete from idempotency_keys where act = 'complaint' and substr(owner, 1, 9) = 'resident:';

-- What a device keeps moves with its cookie at each sign-in.
create index complaints_device on complaints (device);
create index resident_sessions_device on resident_sessions (device);
