/*
 * The light receiver: connects, talks its script, then lets the kernel drop what comes (MSG_TRUNC) and counts the bytes.
 * Usage: sink PORT CLIENTS [SCRIPTS]. On stdin "expect BYTES"; answers "done MONOTONIC_NS BYTES CPU_NS" when they are there.
 * SCRIPTS: u32 count, then per script u32 length, upgrade request, u32 length, what to send after the 101; little endian.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct client { int fd, counting; unsigned matched; const char *then; uint32_t then_length; };

static void die(const char *what) { perror(what); exit(1); }
static void send_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
    if (sent < 0) die("send");
    bytes += sent;
    length -= (size_t)sent;
  }
}
static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) die(path);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *bytes = malloc((size_t)size);
  if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size) die("read");
  fclose(file);
  return bytes;
}
static uint32_t u32(const char *at) { uint32_t value; memcpy(&value, at, 4); return value; }

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  int count = atoi(argv[2]);
  struct client *clients = calloc((size_t)count, sizeof *clients);
  char *scripts = argc > 3 ? read_file(argv[3]) : NULL;
  uint32_t script_count = scripts ? u32(scripts) : 0;
  const char **starts = calloc(script_count + 1, sizeof *starts);
  const char *at = scripts ? scripts + 4 : NULL;
  for (uint32_t i = 0; i < script_count; i++) {
    starts[i] = at;
    at += 4 + u32(at);
    at += 4 + u32(at);
  }
  int epoll = epoll_create1(0);
  struct epoll_event in = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &in) < 0) die("epoll stdin");
  for (int i = 0; i < count; i++) {
    struct client *client = &clients[i];
    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client->fd, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
    int on = 1;
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    client->counting = script_count == 0;
    if (script_count > 0) {
      const char *script = starts[(uint32_t)i % script_count];
      uint32_t length = u32(script);
      send_all(client->fd, script + 4, length);
      client->then = script + 4 + length + 4;
      client->then_length = u32(client->then - 4);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    epoll_ctl(epoll, EPOLL_CTL_ADD, client->fd, &event);
  }
  unsigned long long received = 0, expected = ~0ULL;
  struct timespec last = {0};
  static char head[1];
  struct epoll_event events[256];
  for (;;) {
    int ready = epoll_wait(epoll, events, 256, -1), came = 0;
    if (ready < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < ready; i++) {
      struct client *client = events[i].data.ptr;
      if (client == NULL) {
        char line[64] = {0};
        if (read(0, line, sizeof line - 1) <= 0) return 0;
        sscanf(line, "expect %llu", &expected);
        continue;
      }
      if (client->counting) {
        ssize_t bytes = recv(client->fd, head, 1 << 22, MSG_TRUNC | MSG_DONTWAIT);
        if (bytes > 0) came = 1, received += (unsigned long long)bytes;
        else if (bytes == 0) epoll_ctl(epoll, EPOLL_CTL_DEL, client->fd, NULL);
        continue;
      }
      /* Byte by byte up to the empty line, so that nothing of the first frame is taken. */
      static const char end[] = "\r\n\r\n";
      while (client->matched < 4 && recv(client->fd, head, 1, MSG_DONTWAIT) == 1) {
        received++;
        client->matched = head[0] == end[client->matched] ? client->matched + 1 : head[0] == '\r';
      }
      if (client->matched < 4) continue;
      send_all(client->fd, client->then, client->then_length);
      client->counting = 1;
    }
    if (came) clock_gettime(CLOCK_MONOTONIC, &last);
    if (received < expected) continue;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    long long cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
                    (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
    printf("done %lld %llu %lld\n", last.tv_sec * 1000000000LL + last.tv_nsec, received, cpu);
    fflush(stdout);
    expected = ~0ULL;
  }
}
