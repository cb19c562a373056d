// SPDX-License-Identifier: Apache-2.0
//
// Takes from this process all that reading a PDF does not need, before the PDF is looked at.

#ifndef MUTABIK_PDF_LOCKIN_H
#define MUTABIK_PDF_LOCKIN_H

#ifdef __cplusplus
extern "C" {
#endif

/// Locks the process in for good. 0, or -1 with errno when any of it could not be had: then nothing
/// from outside may be read.
///
/// Afterwards: no descriptors but 0, 1 and 2; memory, processor time and files limited; system calls
/// only from a short list. A call that no reader of a PDF makes by accident (a socket, a process, a
/// file for writing) ends the process at once.
int lock_in(void);

#ifdef __cplusplus
}
#endif

#endif
