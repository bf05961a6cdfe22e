-- Statements of routes run as this user. An administrator of H2 could read files and run Java code.
create user if not exists routes password '';
grant select on schema filestream to routes;
