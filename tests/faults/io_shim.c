/* SPDX-License-Identifier: MIT
 *
 * Preloaded into the program under test: makes chosen operations on files fail, and logs those that
 * change files, in the order in which they happened.
 *
 *   IO_SHIM_FOLDER  only files below this folder are looked at.
 *   IO_SHIM_LOG     where to log, or unset. Each record is a line
 *                       OPERATION OFFSET LENGTH PATH
 *                   followed by LENGTH bytes: of what was written, or of the new name of a rename.
 *                   Operations: create, mkdir, write, truncate (to OFFSET), sync, rename, unlink.
 *   IO_SHIM_FAULTS  a file with one fault a line, read before every operation, or unset:
 *                       ERRNO OPERATION PART
 *                   PART is a part of the path; operations: read, write, sync.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static int is_inside(const char *path)
{
    const char *folder = getenv("IO_SHIM_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

/* The path of a descriptor, where it is one to look at. */
static int path_of(int fd, char *path)
{
    char link[64];
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    errno = before;
    path[length > 0 ? length : 0] = 0;
    return is_inside(path);
}

/* A path as it was given, made absolute. */
static int absolute(int folder, const char *given, char *path)
{
    char base[PATH_MAX];
    if (given[0] == '/')
        snprintf(path, PATH_MAX, "%s", given);
    else if (folder == AT_FDCWD && getcwd(base, sizeof base))
        snprintf(path, PATH_MAX, "%.2000s/%.2000s", base, given);
    else if (folder != AT_FDCWD && path_of(folder, base))
        snprintf(path, PATH_MAX, "%.2000s/%.2000s", base, given);
    else
        return 0;
    return is_inside(path);
}

/* 0, or the error that an operation on a path is to fail with. */
static int fault(const char *operation, const char *path)
{
    const char *control = getenv("IO_SHIM_FAULTS");
    if (!control)
        return 0;
    int before = errno, found = 0;
    char text[4096];
    int fd = REAL(open)(control, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : REAL(read)(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[length > 0 ? length : 0] = 0;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char name[16], part[256];
        int code;
        if (sscanf(line, "%d %15s %255s", &code, name, part) == 3 && !strcmp(name, operation) &&
            strstr(path, part))
            found = code;
    }
    errno = before;
    return found;
}

static void note(const char *operation, long long offset, const char *path, const void *data,
                 size_t length)
{
    static int fd = -1;
    const char *log = getenv("IO_SHIM_LOG");
    int before = errno;
    char head[PATH_MAX + 64];
    if (!log)
        return;
    if (fd < 0)
        fd = REAL(open)(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    int size = snprintf(head, sizeof head, "%s %lld %zu %s\n", operation, offset, length, path);
    struct iovec parts[] = {{head, size}, {(void *)data, length}};
    if (REAL(writev)(fd, parts, 2) != (ssize_t)(size + length))
        abort();
    errno = before;
}

#define FAIL_IF(operation, path)                                                                   \
    do {                                                                                           \
        int code = fault(operation, path);                                                         \
        if (code) {                                                                                \
            errno = code;                                                                          \
            return -1;                                                                             \
        }                                                                                          \
    } while (0)

/* Do something and note it, with nothing else in between. */
#define DO_AND_NOTE(call, is_done, ...)                                                            \
    do {                                                                                           \
        pthread_mutex_lock(&lock);                                                                 \
        __typeof__(call) result = (call);                                                          \
        if (is_done)                                                                               \
            note(__VA_ARGS__);                                                                     \
        pthread_mutex_unlock(&lock);                                                               \
        return result;                                                                             \
    } while (0)

static int open_and_note(int folder, const char *given, int flags, mode_t mode)
{
    char path[PATH_MAX];
    struct stat status;
    if (!(flags & (O_CREAT | O_TRUNC)) || (flags & O_TMPFILE) == O_TMPFILE ||
        !absolute(folder, given, path))
        return REAL(openat)(folder, given, flags, mode);
    pthread_mutex_lock(&lock);
    int was_there = !lstat(path, &status);
    int fd = REAL(openat)(folder, given, flags, mode);
    if (fd >= 0 && !was_there)
        note("create", 0, path, "", 0);
    else if (fd >= 0 && flags & O_TRUNC)
        note("truncate", 0, path, "", 0);
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE(flags, mode)                                                                          \
    mode_t mode = 0;                                                                               \
    if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) {                                 \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode = va_arg(rest, mode_t);                                                               \
        va_end(rest);                                                                              \
    }

int open(const char *path, int flags, ...)
{
    MODE(flags, mode)
    return open_and_note(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE(flags, mode)
    return open_and_note(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    MODE(flags, mode)
    if (!getenv("IO_SHIM_FOLDER")) /* also what open_and_note calls */
        return ((__typeof__(&openat))real("openat"))(folder, path, flags, mode);
    return open_and_note(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    MODE(flags, mode)
    return open_and_note(folder, path, flags | O_LARGEFILE, mode);
}

int mkdir(const char *given, mode_t mode)
{
    char path[PATH_MAX];
    if (!absolute(AT_FDCWD, given, path))
        return REAL(mkdir)(given, mode);
    DO_AND_NOTE(REAL(mkdir)(given, mode), !result, "mkdir", 0, path, "", 0);
}

ssize_t read(int fd, void *data, size_t length)
{
    char path[PATH_MAX];
    if (getenv("IO_SHIM_FAULTS") && path_of(fd, path))
        FAIL_IF("read", path);
    return REAL(read)(fd, data, length);
}

ssize_t pread(int fd, void *data, size_t length, off_t offset)
{
    char path[PATH_MAX];
    if (path_of(fd, path))
        FAIL_IF("read", path);
    return REAL(pread)(fd, data, length, offset);
}

ssize_t pread64(int fd, void *data, size_t length, off64_t offset)
{
    return pread(fd, data, length, offset);
}

ssize_t write(int fd, const void *data, size_t length)
{
    char path[PATH_MAX];
    if (!path_of(fd, path))
        return REAL(write)(fd, data, length);
    FAIL_IF("write", path);
    DO_AND_NOTE(REAL(write)(fd, data, length), result > 0, "write",
                (long long)lseek(fd, 0, SEEK_CUR) - result, path, data, result);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset)
{
    char path[PATH_MAX];
    if (!path_of(fd, path))
        return REAL(pwrite)(fd, data, length, offset);
    FAIL_IF("write", path);
    DO_AND_NOTE(REAL(pwrite)(fd, data, length, offset), result > 0, "write", (long long)offset,
                path, data, result);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset)
{
    return pwrite(fd, data, length, offset);
}

int ftruncate(int fd, off_t size)
{
    char path[PATH_MAX];
    if (!path_of(fd, path))
        return REAL(ftruncate)(fd, size);
    FAIL_IF("write", path);
    DO_AND_NOTE(REAL(ftruncate)(fd, size), !result, "truncate", (long long)size, path, "", 0);
}

int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

int fsync(int fd)
{
    char path[PATH_MAX];
    if (!path_of(fd, path))
        return REAL(fsync)(fd);
    FAIL_IF("sync", path);
    DO_AND_NOTE(REAL(fsync)(fd), !result, "sync", 0, path, "", 0);
}

int fdatasync(int fd)
{
    char path[PATH_MAX];
    if (!path_of(fd, path))
        return REAL(fdatasync)(fd);
    FAIL_IF("sync", path);
    DO_AND_NOTE(REAL(fdatasync)(fd), !result, "sync", 0, path, "", 0);
}

int renameat(int old_folder, const char *old, int new_folder, const char *new)
{
    char from[PATH_MAX], to[PATH_MAX];
    if (!absolute(old_folder, old, from) || !absolute(new_folder, new, to))
        return REAL(renameat)(old_folder, old, new_folder, new);
    FAIL_IF("write", to);
    DO_AND_NOTE(REAL(renameat)(old_folder, old, new_folder, new), !result, "rename", 0, from, to,
                strlen(to));
}

int rename(const char *old, const char *new) { return renameat(AT_FDCWD, old, AT_FDCWD, new); }

int unlinkat(int folder, const char *given, int flags)
{
    char path[PATH_MAX];
    if (!absolute(folder, given, path))
        return REAL(unlinkat)(folder, given, flags);
    DO_AND_NOTE(REAL(unlinkat)(folder, given, flags), !result, "unlink", 0, path, "", 0);
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
