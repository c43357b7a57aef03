internal import Glibc
internal import StaticAssets

/// What a path leads through.
extension BytePath {
  /// The number of links that the kernel follows in one path. path_resolution(7)
  private static let linkCountMax = 40

  /// Every name that is looked up on the way to this path, absolute and without links above it.
  ///
  /// The last one is the path with all links resolved. The targets of links are among them, also those of links
  /// to links. Where a path begins is looked up by nobody.
  ///
  /// A part that does not exist is taken as it is written.
  ///
  /// - Parameter directory: where a relative path begins, with links resolved; nil for the working
  ///   directory.
  func places(from directory: BytePath? = nil) -> [BytePath] {
    let root = BytePath("/")
    var here =
      bytes.first == UInt8(ascii: "/") ? root : directory ?? BytePath(".").resolved ?? root
    var places: [BytePath] = []
    var pending = Array(parts.reversed())
    var linkCount = 0
    while let part = pending.popLast() {
      guard part != BytePath("..") else {
        here = here.parent.isEmpty ? root : here.parent
        continue
      }
      let place = here.appending(part)
      places.append(place)
      guard linkCount < Self.linkCountMax, let target = Directory.target(of: place, in: AT_FDCWD)
      else {
        here = place
        continue
      }
      linkCount += 1
      if target.bytes.first == UInt8(ascii: "/") { here = root }
      pending += target.parts.reversed()
    }
    if places.last != here { places.append(here) }
    return places
  }

  /// The path with the links of its existing part resolved.
  var resolvedAsFarAsItExists: BytePath { places().last ?? self }

  /// The names between the slashes, without those that stand for the directory itself.
  private var parts: [BytePath] {
    bytes.split(separator: UInt8(ascii: "/")).map { BytePath($0) }.filter { $0 != BytePath(".") }
  }
}
