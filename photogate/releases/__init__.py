"""The print release: signed, bound to exact bytes, and nothing prints without one."""
