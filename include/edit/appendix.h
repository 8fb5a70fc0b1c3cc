/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of ours at the end of somebody else's file in which '#' begins a comment: between two such lines, by which
 * they are known again and taken away whole.
 */
#ifndef VFIOCONF_EDIT_APPENDIX_H
#define VFIOCONF_EDIT_APPENDIX_H

#include "base/text.h"

#define APPENDIX_BEGIN "# Added by vfioconf, up to the line \"" APPENDIX_END_WORDS "\""
#define APPENDIX_END_WORDS "End of what vfioconf added"
#define APPENDIX_END "# " APPENDIX_END_WORDS

/*
 * Appends to RET the whole file with LINES (each ended by a newline, which is written as the file ends its lines)
 * as our appendix: replaced where there is one, else put at the end; NULL takes it away. Every other byte stays.
 */
void appendix_edit(const struct text *bytes, const struct text *lines, struct text *ret);

#endif
