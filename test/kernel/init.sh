#!/bin/busybox sh
# The first program in a guest: puts the host's files below a layer that is thrown away, and runs the program that `kernel.js` names.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do insmod /modules/$module; done

mkdir -p /host /layer /root
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro host /host || poweroff -f
mount -t tmpfs tmpfs /layer
mkdir /layer/upper /layer/work
mount -t overlay -o lowerdir=/host,upperdir=/layer/upper,workdir=/layer/work overlay /root
mount -t proc proc /root/proc
mount -t sysfs sys /root/sys
mount -t devtmpfs dev /root/dev
mount -t configfs none /root/sys/kernel/config
mount -t debugfs none /root/sys/kernel/debug
mount -t tmpfs tmpfs /root/run
mkdir -p /root/dev/shm /root/dev/pts
mount -t tmpfs tmpfs /root/dev/shm
ip link set lo up

argument() { sed -n "s/.*guest\.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
tools=$(argument cache)/root
chroot /root /usr/bin/env -i HOME=/tmp TZ=UTC CACHE=$(argument cache) \
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$tools/usr/sbin:$tools/sbin:$tools/usr/bin:$tools/bin \
  LD_LIBRARY_PATH=$tools/usr/lib/x86_64-linux-gnu:$tools/lib/x86_64-linux-gnu $(argument run | tr '|' ' ')
poweroff -f
