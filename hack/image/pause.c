// The process that holds a pod's namespaces: waits, reaps orphans, ends when told to.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void End(int number) { (void)number; _exit(0); }
static void Reap(int number) { (void)number; while (waitpid(-1, 0, WNOHANG) > 0) {} }

int main(void) {
  signal(SIGINT, End);
  signal(SIGTERM, End);
  signal(SIGCHLD, Reap);
  for (;;) pause();
}
