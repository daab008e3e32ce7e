/* Tries from inside of a sandbox what must not be possible, and says what was. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

static void tell(const char *what, int result) {
  if (result >= 0) printf("%s\n", what);
}

int main(void) {
  tell("write to the inputs", open("/tree/input", O_WRONLY | O_CREAT, 0600));
  tell("write to the root", open("/x", O_WRONLY | O_CREAT, 0600));
  tell("remount", mount("none", "/tree", 0, MS_REMOUNT | MS_BIND, 0));
  tell("mount", mount("x", "/tmp", "tmpfs", 0, ""));
  tell("unmount", umount2("/tree", MNT_DETACH));
  tell("change the root", chroot("/tmp"));
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(53)};
  address.sin_addr.s_addr = htonl(0xC0000201);
  tell("reach the network", connect(socket(AF_INET, SOCK_STREAM, 0), (void *)&address, sizeof address));
  DIR *root = opendir("/");
  for (struct dirent *entry; root && (entry = readdir(root));)
    if (!strstr(" . .. tmp tree tool ", entry->d_name)) printf("see /%s\n", entry->d_name);
  tell("make a user namespace", unshare(CLONE_NEWUSER));
  puts("done");
  return 0;
}
