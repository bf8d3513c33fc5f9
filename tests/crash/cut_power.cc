// cut_power MOUNT: stops the ext4 file system mounted there as a power cut does. Nothing that is
// not on the disk yet will ever get there; every later write fails. Unmount it, and mount it again.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>

int main(int argc, char** argv) {
  constexpr uint32_t kWithoutLogFlush = 2;
  constexpr unsigned long kShutdown = _IOR('X', 125, uint32_t);  // EXT4_IOC_SHUTDOWN
  const int mount = argc == 2 ? ::open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  if (mount < 0 || ::ioctl(mount, kShutdown, &kWithoutLogFlush) != 0) {
    std::perror("cut_power");
    return 1;
  }
  ::close(mount);
}
