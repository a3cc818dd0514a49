/* The beginning of the program that answers to both names, which tools/portable/link makes of the objects of trialgen and
   trialmerge. */
#include <dlfcn.h>
#include <nss.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int trialgen_main(int count, char **arguments);
int trialmerge_main(int count, char **arguments);

/* The program loads no library: the system's belong to another C library. So users and groups come from /etc/passwd and
   /etc/group, not from LDAP or SSSD, and HDF5 finds no filters beyond its own. */
__attribute__((constructor)) static void load_nothing(void) {
    __nss_configure_lookup("passwd", "files");
    __nss_configure_lookup("group", "files");
    __nss_configure_lookup("hosts", "files");
}

void *dlopen(const char *path, int mode) {
    (void)path, (void)mode;
    return NULL;
}

/* The function of a program's name, or a null pointer. */
static int (*function_of(const char *path))(int, char **) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (strcmp(name, "trialgen") == 0) return trialgen_main;
    if (strcmp(name, "trialmerge") == 0) return trialmerge_main;
    return NULL;
}

/* TRIALGEN_NAME decides, with which a wheel's trialmerge, a script, starts the program; else the name that the program
   was called by; else, where that is the name of a link, the name of the file.

   The environment must stay as it is: Swift finds the arguments in front of it, on the stack. */
int main(int count, char **arguments) {
    const char *name = getenv("TRIALGEN_NAME");
    int (*function)(int, char **) = name ? function_of(name) : NULL;
    if (!function && count > 0) function = function_of(arguments[0]);
    if (!function) {
        char path[4096];
        ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
        path[length > 0 ? length : 0] = '\0';
        function = function_of(path);
    }
    if (!function) {
        fprintf(stderr, "error: the program's file is named neither trialgen nor trialmerge: give it one of these names\n");
        return 64;
    }
    return function(count, arguments);
}
