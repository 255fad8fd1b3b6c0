/*-------------------------------------------------------------------------
 *
 * acting_user.h
 *	  Who is acting: the user of the application behind a database session.
 *
 * src/security/acting_user.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef LSCE_ACTING_USER_H
#define LSCE_ACTING_USER_H

#include "access/access.h"
#include "utils/date.h"

typedef struct ActingUser
{
	pg_uuid_t	user_id;
	pg_uuid_t	company_id;
	DateADT		day;			/* today in the user's time zone */
} ActingUser;

extern void security_init(void);
extern bool security_acting_user(AccessScope *scope, ActingUser *user);

#endif							/* LSCE_ACTING_USER_H */
