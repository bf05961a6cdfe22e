-- The catalogue of the multimedia library: the object key of each ID of a tenant.
create table multimedia_file (
    tenant_id varchar(128) not null,
    id varchar(1024) not null,
    object_key varchar(1024),
    primary key (tenant_id, id)
);
