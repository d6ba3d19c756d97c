# SPDX-License-Identifier: MIT
"""Drives and their identities, from recorded mount tables and from this computer."""

import os
import sys

import pytest

from gallery_search.pipeline.drives import mountinfo, volumes
from gallery_search.pipeline.drives.mountinfo import mount_of, parse
from gallery_search.pipeline.drives.volumes import Volume

# A laptop with a btrfs home, a stick, two shares, a bind mount and an automounter.
LAPTOP = b"""\
22 29 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:13 - proc proc rw
29 1 0:27 /@ / rw,relatime shared:1 - btrfs /dev/nvme0n1p2 rw,ssd,subvolid=256,subvol=/@
41 29 0:27 /@home /home rw,relatime shared:2 - btrfs /dev/nvme0n1p2 rw,ssd,subvolid=257
88 41 8:17 / /media/anna/HOLIDAY\\0402024 rw,nosuid shared:300 - vfat /dev/sdb1 rw,uid=1000
90 29 0:61 / /mnt/nas rw,relatime shared:301 - nfs4 nas:/volume1/photos rw,vers=4.2
91 29 0:62 / /mnt/win\\134odd rw,relatime - cifs //win/C$ rw
95 29 8:33 /backup/photos /srv/photos rw,relatime shared:310 master:1 - ext4 /dev/sdc1 rw
96 29 0:70 / /mnt/auto rw,relatime shared:320 - autofs systemd-1 rw,fd=53
97 96 8:33 / /mnt/auto rw,relatime shared:321 - ext4 /dev/sdc1 rw
98 29 7:0 / /mnt/caf\xe9 rw - squashfs /dev/loop0 ro
"""


@pytest.mark.parametrize(
    ("path", "mount_point", "source"),
    [
        ("/home/anna/Photos", "/home", "/dev/nvme0n1p2"),
        ("/homeless", "/", "/dev/nvme0n1p2"),
        ("/media/anna/HOLIDAY 2024/DCIM", "/media/anna/HOLIDAY 2024", "/dev/sdb1"),
        ("/media/anna/HOLIDAY 2024", "/media/anna/HOLIDAY 2024", "/dev/sdb1"),
        ("/media/anna/HOLIDAY 20245", "/", "/dev/nvme0n1p2"),
        ("/mnt/nas/2024", "/mnt/nas", "nas:/volume1/photos"),
        ("/mnt/win\\odd/x", "/mnt/win\\odd", "//win/C$"),
        ("/mnt/auto/x", "/mnt/auto", "/dev/sdc1"),  # the later mount hides the earlier
        ("/mnt/caf\udce9/x", "/mnt/caf\udce9", "/dev/loop0"),
        ("/", "/", "/dev/nvme0n1p2"),
    ],
)
def test_the_mount_of_a_path(path, mount_point, source):
    mount = mount_of(path, parse(LAPTOP))
    assert (mount.mount_point, mount.source) == (mount_point, source)


def test_all_fields_of_a_mount_are_read():
    bind = parse(LAPTOP)[6]
    assert bind == mountinfo.Mount(
        "95", "8:33", "/backup/photos", "/srv/photos", "ext4", "/dev/sdc1"
    )
    assert mount_of("/srv", parse(b"")) is None


def test_a_place_is_the_same_at_every_mount_point():
    whole = Volume("1", "/media/DISK", "/", "uuid:1", "DISK")
    part = Volume("2", "/srv/photos", "/backup/photos", "uuid:1", "DISK")
    assert whole.below("/media/DISK/backup/photos/2024") == "/backup/photos/2024"
    assert part.below("/srv/photos/2024") == "/backup/photos/2024"
    assert whole.path_of("/backup/photos/2024") == "/media/DISK/backup/photos/2024"
    assert part.path_of("/backup/photos/2024") == "/srv/photos/2024"
    assert part.path_of("/backup/photos2") is None
    assert (whole.below("/media/DISK"), whole.path_of("/")) == ("/", "/media/DISK")
    assert part.below("/srv/photos") == "/backup/photos"
    assert part.path_of("/backup/photos") == "/srv/photos"


@pytest.fixture
def udev(tmp_path, monkeypatch):
    """Devices with the links that udev makes for them."""
    for kind in ("by-uuid", "by-label"):
        (tmp_path / kind).mkdir()
        monkeypatch.setattr(mountinfo, f"_{kind.replace('-', '_').upper()}", tmp_path / kind)
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="links as udev makes them")
def test_a_disk_is_known_by_its_uuid_and_shown_by_its_label(udev):
    (udev / "by-uuid/1234-ABCD").symlink_to("/dev/sdb1")
    (udev / "by-uuid/0b5c").symlink_to("/dev/sdc1")
    (udev / "by-label/Anna\\x27s\\x20\\xc3\\xa9t\\xc3\\xa9").symlink_to("/dev/sdb1")
    stick, share = parse(LAPTOP)[3], parse(LAPTOP)[4]
    assert mountinfo.uuid(stick) == "1234-ABCD"
    assert mountinfo.label(stick) == "Anna's été"
    assert mountinfo.uuid(parse(LAPTOP)[6]) == mountinfo.uuid(parse(LAPTOP)[8]) == "0b5c"
    assert mountinfo.label(parse(LAPTOP)[6]) is None
    assert mountinfo.uuid(share) is mountinfo.label(share) is mountinfo.fsid(share) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts as Linux tells them")
def test_what_names_a_drive(udev, monkeypatch):
    (udev / "by-uuid/1234-ABCD").symlink_to("/dev/sdb1")
    monkeypatch.setattr(mountinfo, "mounts", lambda: parse(LAPTOP))
    stick = volumes.volume_of("/media/anna/HOLIDAY 2024/DCIM")
    assert (stick.identity, stick.name) == ("uuid:1234-ABCD", "HOLIDAY 2024")
    assert stick.is_certain
    share = volumes.volume_of("/mnt/nas/2024")
    assert (share.identity, share.name) == ("nfs4:nas:/volume1/photos", "nas")
    assert not share.is_certain
    assert [v.mount_point for v in volumes.volumes_with("nfs4:nas:/volume1/photos")] == ["/mnt/nas"]
    assert volumes.mounted_in("/media/anna", ["HOLIDAY 2024", "other"]) == {"HOLIDAY 2024"}
    assert volumes.mount_of("/mnt/nas/x") != volumes.mount_of("/mnt/x")


def test_the_drives_of_this_computer(tmp_path):
    here = volumes.volume_of(str(tmp_path))
    assert here.path_of(here.below(str(tmp_path))) == str(tmp_path)
    assert here.mount == volumes.mount_of(str(tmp_path))
    assert here.mount_point in [v.mount_point for v in volumes.volumes_with(here.identity)]
    assert volumes.volume_of(here.mount_point) == here
