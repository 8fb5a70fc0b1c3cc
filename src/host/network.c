/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/network.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "host/trace.h"

#define DEPTH_LIMIT 16
#define FIELDS 16
#define ROUTE_UP 0x1u
#define ROUTE_REJECT 0x200u

struct route {
	char interface[IF_NAMESIZE];
	struct in6_addr to; /* an IPv4 route as ::ffff:a.b.c.d */
	unsigned length;    /* of its prefix, 0 to 128 */
	bool version4;
};

struct address_of {
	char interface[IF_NAMESIZE];
	struct in6_addr address;
};

struct reading {
	const struct root *root;
	struct host *host;
	struct route *routes;
	size_t route_count, route_capacity;
	struct address_of *addresses; /* IPv6 only: proc has no such list for IPv4 */
	size_t address_count, address_capacity;
};

/* The words of LINE in FIELDS pointers into a copy; returns how many. */
static size_t split_fields(char *line, char *fields[FIELDS])
{
	size_t count = 0;
	char *rest = NULL;

	for (char *word = strtok_r(line, " \t", &rest); word && count < FIELDS; word = strtok_r(NULL, " \t", &rest))
		fields[count++] = word;
	return count;
}

static bool hex_number(const char *word, unsigned long limit, unsigned long *ret)
{
	char *end;
	unsigned long number = strtoul(word, &end, 16);

	if (*end || end == word || number > limit)
		return false;
	*ret = number;
	return true;
}

static bool interface_name(const char *word, char *buffer)
{
	size_t length = strlen(word);

	if (!length || length >= IF_NAMESIZE || strchr(word, '/') || *word == '.')
		return false;
	memcpy(buffer, word, length + 1);
	return true;
}

static void map_version4(uint32_t network_order, struct in6_addr *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->s6_addr[10] = ret->s6_addr[11] = 0xff;
	memcpy(ret->s6_addr + 12, &network_order, sizeof(network_order));
}

static void add_route(struct reading *reading, const struct route *route)
{
	reading->routes = memory_grow(reading->routes, reading->route_count, &reading->route_capacity,
				      sizeof(*reading->routes));
	reading->routes[reading->route_count++] = *route;
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask ...: the addresses are memory in hexadecimal. */
static void take_route4(struct reading *reading, char *line)
{
	struct route route = { .version4 = true };
	unsigned long to, flags, mask;
	char *fields[FIELDS];

	if (split_fields(line, fields) < 8 || !interface_name(fields[0], route.interface) ||
	    !hex_number(fields[1], UINT32_MAX, &to) || !hex_number(fields[3], UINT32_MAX, &flags) ||
	    !hex_number(fields[7], UINT32_MAX, &mask) || !(flags & ROUTE_UP) || (flags & ROUTE_REJECT))
		return;
	map_version4((uint32_t)to, &route.to);
	route.length = 96 + (unsigned)__builtin_popcount((unsigned)mask);
	add_route(reading, &route);
}

static bool hex_address(const char *word, struct in6_addr *ret)
{
	if (strlen(word) != 32 || word[strspn(word, "0123456789abcdefABCDEF")])
		return false;
	for (size_t i = 0; i < 16; i++) {
		char byte[3] = { word[2 * i], word[2 * i + 1], '\0' };

		ret->s6_addr[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
	return true;
}

/* destination length source length next-hop metric references use flags interface */
static void take_route6(struct reading *reading, char *line)
{
	struct route route = { 0 };
	unsigned long length, flags;
	char *fields[FIELDS];

	if (split_fields(line, fields) != 10 || !hex_address(fields[0], &route.to) ||
	    !hex_number(fields[1], 128, &length) || !hex_number(fields[8], UINT32_MAX, &flags) ||
	    !(flags & ROUTE_UP) || (flags & ROUTE_REJECT) || !interface_name(fields[9], route.interface) ||
	    !strcmp(route.interface, "lo"))
		return;
	route.length = (unsigned)length;
	add_route(reading, &route);
}

/* address index length scope flags interface */
static void take_address6(struct reading *reading, char *line)
{
	struct address_of entry;
	char *fields[FIELDS];

	if (split_fields(line, fields) != 6 || !hex_address(fields[0], &entry.address) ||
	    !interface_name(fields[5], entry.interface))
		return;
	reading->addresses = memory_grow(reading->addresses, reading->address_count, &reading->address_capacity,
					 sizeof(*reading->addresses));
	reading->addresses[reading->address_count++] = entry;
}

static void read_lines(struct reading *reading, const char *path, void (*take_line)(struct reading *, char *))
{
	cleanup_text struct text text = { 0 };
	struct fault fault = { 0 };
	char *rest = NULL;

	if (!root_read(reading->root, path, ROOT_LIMIT_GENERATED, &text, &fault) && !root_missing(&fault) &&
	    reading->host)
		strlist_printf(&reading->host->incomplete, "%s: which interface the host needs is not known",
			       fault.sentence);
	if (!text.length)
		return;
	for (char *line = strtok_r(text.bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		take_line(reading, line);
}

/* Through bonds, bridges, VLANs and teams to what is below; false where no PCI function is. */
static bool use_interface(struct reading *reading, const char *interface, const char *what, int depth)
{
	cleanup_strlist struct strlist names = { 0 };
	cleanup_free char *place = NULL;
	char path[64];
	bool found;

	snprintf(path, sizeof(path), "sys/class/net/%.*s", IF_NAMESIZE, interface);
	place = root_resolve(reading->root, path);
	if (!place || depth > DEPTH_LIMIT)
		return false;
	found = trace_path(reading->host, place, USE_NETWORK, true, what);
	if (!root_list(reading->root, place, &names, NULL))
		return found;
	for (size_t i = 0; i < names.count; i++) {
		const char *lower = names.items[i] + strlen("lower_");
		char name[IF_NAMESIZE];

		if (text_starts_with(names.items[i], "lower_") && interface_name(lower, name))
			found = use_interface(reading, name, what, depth + 1) || found;
	}
	return found;
}

/* A tunnel, a virtual switch: something else carries it. A card of the board itself (an ARM system's) needs no PCI. */
static bool is_virtual(const struct reading *reading, const char *interface)
{
	cleanup_free char *place = NULL;
	char path[64];

	snprintf(path, sizeof(path), "sys/class/net/%.*s", IF_NAMESIZE, interface);
	place = root_resolve(reading->root, path);
	return !place || !text_starts_with(place, "/sys/devices/platform/");
}

static void use_network(struct reading *reading, const char *interface, const char *what)
{
	char visible[4 * IF_NAMESIZE], sentence[192];

	text_visible_to(visible, sizeof(visible), interface);
	snprintf(sentence, sizeof(sentence), "%s %s", what, visible);
	if (use_interface(reading, interface, sentence, 0) || !strcmp(interface, "lo"))
		return;
	if (!is_virtual(reading, interface))
		return;
	strlist_add(&reading->host->untraced_network, sentence);
	strlist_printf(&reading->host->incomplete,
		       "%s: it rests on no PCI function that sysfs shows; if it is a tunnel or a virtual switch, what "
		       "carries it is not known",
		       sentence);
}

static bool is_covered(const struct route *route, const struct in6_addr *address)
{
	unsigned bytes = route->length / 8, bits = route->length % 8;
	uint8_t mask = (uint8_t)(0xff00u >> bits);

	if (memcmp(route->to.s6_addr, address->s6_addr, bytes) != 0)
		return false;
	return !bits || !((route->to.s6_addr[bytes] ^ address->s6_addr[bytes]) & mask);
}

/* The interface of the most specific route to ADDRESS, or NULL. */
static const char *way_to(const struct reading *reading, const struct in6_addr *address)
{
	const struct route *best = NULL;
	bool version4 = IN6_IS_ADDR_V4MAPPED(address);

	for (size_t i = 0; i < reading->route_count; i++) {
		const struct route *route = &reading->routes[i];

		if (route->version4 == version4 && is_covered(route, address) &&
		    (!best || route->length > best->length))
			best = route;
	}
	return best ? best->interface : NULL;
}

/*
 * The interface that has ADDRESS: for IPv6 the kernel tells; for IPv4 it is
 * that of the network which the address lies in.
 */
static const char *holder_of(const struct reading *reading, const struct in6_addr *address)
{
	for (size_t i = 0; i < reading->address_count; i++)
		if (!memcmp(&reading->addresses[i].address, address, sizeof(*address)))
			return reading->addresses[i].interface;
	return IN6_IS_ADDR_V4MAPPED(address) ? way_to(reading, address) : NULL;
}

/* "192.0.2.1", "::ffff:192.0.2.1", "fe80::1%eth0"; *ZONE becomes the interface's name, where there is one. */
static bool parse_address(char *word, struct in6_addr *ret, const char **zone)
{
	char *percent = strchr(word, '%');
	struct in_addr version4;

	*zone = NULL;
	if (percent) {
		*percent = '\0';
		*zone = percent + 1;
	}
	if (inet_pton(AF_INET, word, &version4) == 1) {
		map_version4(version4.s_addr, ret);
		return true;
	}
	return inet_pton(AF_INET6, word, ret) == 1;
}

/* Both ends count: the interface that has our address, and that through which the answers leave. */
static void cannot_tell(struct reading *reading, const char *sentence)
{
	strlist_add(&reading->host->untraced_network, "this SSH session");
	strlist_add(&reading->host->incomplete, sentence);
}

static void use_session(struct reading *reading, const char *environment_ssh)
{
	cleanup_free char *copy = memory_string(environment_ssh);
	struct in6_addr client, server;
	const char *zone, *server_zone, *holder, *way;
	char *fields[FIELDS], name[IF_NAMESIZE];

	if (strlen(copy) > 256 || split_fields(copy, fields) != 4 || !parse_address(fields[0], &client, &zone) ||
	    !parse_address(fields[2], &server, &server_zone)) {
		cannot_tell(reading, "SSH_CONNECTION is not in the form that sshd gives it: the interface of this "
				     "session is not known");
		return;
	}
	if (IN6_IS_ADDR_LOOPBACK(&server) || (IN6_IS_ADDR_V4MAPPED(&server) && server.s6_addr[12] == 127))
		return;
	zone = server_zone ? server_zone : zone;
	holder = zone && interface_name(zone, name) ? name : holder_of(reading, &server);
	way = zone ? NULL : way_to(reading, &client);
	if (!holder && !way)
		cannot_tell(reading, "the interface of this SSH session cannot be told from the routes");
	if (holder)
		use_network(reading, holder, "this SSH session through");
	if (way && (!holder || strcmp(way, holder) != 0))
		use_network(reading, way, "answers of this SSH session through");
}

static void read_routes(struct reading *reading)
{
	read_lines(reading, "proc/net/route", take_route4);
	read_lines(reading, "proc/net/ipv6_route", take_route6);
}

static void default_interfaces(const struct reading *reading, struct strlist *ret)
{
	for (size_t i = 0; i < reading->route_count; i++)
		if (reading->routes[i].length == (reading->routes[i].version4 ? 96u : 0u))
			strlist_add_once(ret, reading->routes[i].interface);
}

void network_default_interfaces(const struct root *root, struct strlist *ret)
{
	struct reading reading = { .root = root };

	read_routes(&reading);
	default_interfaces(&reading, ret);
	free(reading.routes);
}

void network_read(const struct root *root, struct host *host, const char *environment_ssh)
{
	struct reading reading = { .root = root, .host = host };
	cleanup_strlist struct strlist interfaces = { 0 };

	read_routes(&reading);
	read_lines(&reading, "proc/net/if_inet6", take_address6);
	default_interfaces(&reading, &interfaces);
	for (size_t i = 0; i < interfaces.count; i++)
		use_network(&reading, interfaces.items[i], "default route through");
	if (environment_ssh && *environment_ssh)
		use_session(&reading, environment_ssh);
	free(reading.routes);
	free(reading.addresses);
}
