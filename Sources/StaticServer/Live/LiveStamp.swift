internal import CLinux
internal import Glibc

/// The attributes that change with the content of a file, as far as stat(2) shows.
struct LiveStamp: Equatable {
  let device: UInt64
  let inode: UInt64
  let byteCount: Int64
  let modifiedSeconds: Int64
  let modifiedNanoseconds: Int64
  let changedSeconds: Int64
  let changedNanoseconds: Int64

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    byteCount = Int64(status.st_size)
    modifiedSeconds = Int64(status.st_mtim.tv_sec)
    modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
    changedSeconds = Int64(status.st_ctim.tv_sec)
    changedNanoseconds = Int64(status.st_ctim.tv_nsec)
  }

  /// Whether the open file still has this stamp. fstat(2)
  @inline(always)
  func isCurrent(_ descriptor: Int32) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && LiveStamp(status) == self
  }
}
