#!/bin/bash
# buildCache.sh FOLDER: gets Debian's kernel and the tools of the guests into FOLDER, unless they are there, and makes the initial
# file system. It needs no root, and installs nothing.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
mkdir -p "$1" && cd "$1"
cache=$PWD

if [ ! -e vmlinux ]; then
  image=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-/ { print $2; exit }')
  kernel=${image#linux-image-}
  version=$(apt-cache policy "$image" | awk '/Candidate:/ { print $2 }')
  series=$(cut -d. -f1-2 <<<"$version")
  echo "getting Debian's kernel $kernel ($version) and Bluetooth tools, 230 MB, into $cache"
  rm -rf unpacked packages root modules headers source gpio-sim
  mkdir packages root modules headers source gpio-sim

  tools=(busybox-static kmod bluez libasound2 libdbus-1-3 libdw1 libelf1 libglib2.0-0 libpcre2-8-0 libreadline8
    dbus-daemon libapparmor1 libexpat1 gpiod libgpiod2)
  build=("linux-headers-$kernel" "linux-headers-${kernel%-amd64}-common" "linux-kbuild-$series=$version" "linux-source-$series=$version")
  (cd packages && apt-get -o APT::Sandbox::User=root download "$image" "${tools[@]}" "${build[@]}" >/dev/null)
  for tool in "$image" "${tools[@]}"; do dpkg-deb -x packages/"$tool"_*.deb root; done
  for part in packages/linux-headers-*.deb packages/linux-kbuild-*.deb; do dpkg-deb -x "$part" headers; done

  # The kernel as it was before it was compressed: unpacking it takes an emulated machine six seconds.
  node -e '
    const { readFileSync, writeFileSync } = require("fs"), { spawnSync } = require("child_process")
    const packed = readFileSync(process.argv[1]), xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])
    for (let at = packed.indexOf(xz); at >= 0; at = packed.indexOf(xz, at + 1)) {
      const { stdout } = spawnSync("xz", ["-dc", "--single-stream"],
        { input: packed.subarray(at), maxBuffer: 2 ** 28, stdio: ["pipe", "pipe", "ignore"] })
      if (stdout?.subarray(1, 4).equals(Buffer.from("ELF"))) { writeFileSync("unpacked", stdout); process.exit() }
    }
    process.exit(1)' "root/boot/vmlinuz-$kernel"

  (exec -a depmod root/bin/kmod -b "$cache/root" "$kernel")
  for module in virtio_pci 9pnet_virtio 9p overlay configfs bluetooth hci_vhci cmac ecb algif_hash algif_skcipher; do
    needed=$( (exec -a modprobe root/bin/kmod -d "$cache/root" -S "$kernel" --show-depends "$module") | awk '/^insmod/ { print $2 }')
    for file in $needed; do
      name=$(basename "$file")
      [ -e "modules/$name" ] || { cp "$file" modules/ && echo "$name" >>modules/order; }
    done
  done

  # Debian leaves gpio-sim out, so it is built.
  sed -i "s#/usr/src/#$cache/headers/usr/src/#" "headers/usr/src/linux-headers-$kernel/Makefile"
  dpkg-deb --fsys-tarfile packages/linux-source-*.deb | tar -xO "./usr/src/linux-source-$series.tar.xz" | xz -T0 -dc |
    tar -x -C source --strip-components=1 "linux-source-$series"/{drivers/gpio/gpio-sim.c,drivers/gpio/gpiolib.h,kernel/irq/irq_sim.c}
  cp source/drivers/gpio/* source/kernel/irq/* gpio-sim/
  # irq_to_desc() is not there for modules; these two together do the same.
  sed -i 's/irq_to_desc(irqnum)/irq_data_to_desc(irq_get_irq_data(irqnum))/' gpio-sim/irq_sim.c
  printf 'obj-m := gpiosim.o\ngpiosim-y := gpio-sim.o irq_sim.o\n' >gpio-sim/Makefile
  make -s -C "headers/usr/src/linux-headers-$kernel" M="$cache/gpio-sim" modules >make.log 2>&1 || { tail -20 make.log && exit 1; }
  strip -g -o modules/gpiosim.ko gpio-sim/gpiosim.ko
  echo gpiosim.ko >>modules/order
  rm -r packages headers source gpio-sim make.log root/lib/modules root/boot root/usr/share
  # Last, since it is what says that all is there.
  mv unpacked vmlinux
fi

# As a whole: who is interrupted here leaves the one before.
initial=$(mktemp -d)
trap 'rm -rf "$initial"' EXIT
mkdir -p "$initial"/{bin,proc,sys,dev}
cp root/bin/busybox "$initial/bin/" && cp -r modules "$initial/" && cp "$here/init.sh" "$initial/init" && chmod +x "$initial/init"
(cd "$initial" && find . | cpio -o -H newc --quiet) >initrd.new
mv initrd.new initrd.cpio
