/* Runs a graph of scripts as fast as the machine allows: posix_spawn, waitpid, and nothing else.
   Call: run-with-spawn FOLDER CONCURRENCY, and on stdin a line for each script: how many it needs, then their numbers. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

extern char **environ;

struct edge { int dependent; struct edge *next; };

static struct edge *dependents[100000];
static int unmet[100000], ready[100000], pids[100000], running[100000];

static int start(const char *folder, int script) {
  char path[4096];
  char *argv[] = {"sh", "-c", ":", NULL};
  posix_spawn_file_actions_t actions;
  pid_t pid;
  snprintf(path, sizeof path, "%s/s%d.log", folder, script);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  if (posix_spawn(&pid, "/bin/sh", &actions, NULL, argv, environ) != 0) exit(1);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

int main(int argc, char **argv) {
  int count = 0, head = 0, tail = 0, live = 0, width = argc > 2 ? atoi(argv[2]) : 1, needs, other;
  for (; scanf("%d", &needs) == 1; count++) {
    unmet[count] = needs;
    if (needs == 0) ready[tail++] = count;
    while (needs-- > 0 && scanf("%d", &other) == 1) {
      struct edge *edge = malloc(sizeof *edge);
      edge->dependent = count;
      edge->next = dependents[other];
      dependents[other] = edge;
    }
  }
  for (int done = 0; done < count; done++) {
    for (; live < width && head < tail; live++) {
      running[live] = ready[head++];
      pids[live] = start(argv[1], running[live]);
    }
    int status, slot = 0;
    pid_t pid = wait(&status);
    if (status != 0) return 1;
    while (pids[slot] != pid) slot++;
    int script = running[slot];
    live--;
    pids[slot] = pids[live];
    running[slot] = running[live];
    for (struct edge *edge = dependents[script]; edge != NULL; edge = edge->next)
      if (--unmet[edge->dependent] == 0) ready[tail++] = edge->dependent;
  }
  return 0;
}
