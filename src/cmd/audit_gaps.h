/* audit_gaps: what the kernel's auditing does not record, told when a watch that lives by it starts. */
#ifndef CMD_AUDIT_GAPS_H
#define CMD_AUDIT_GAPS_H

/*
 * Tells a line for each kind of gap: what is not seen, by what evidence, what mends it; or a line that says why this
 * cannot be told. Takes CAP_AUDIT_CONTROL, so: before confinement. Changes nothing.
 */
void audit_gaps_tell(void);

#endif
