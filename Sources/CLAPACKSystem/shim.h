// The C compiler sees the system's headers through CLAPACK only; this one exists so that the
// libraries are linked.
