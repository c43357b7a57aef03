internal import Glibc
package import StaticAssets

/// The names on a path.
extension BytePath {
  /// The number of links that the kernel follows in one path. path_resolution(7)
  private static let linkCountMax = 40

  /// Every name that is looked up to resolve this path, absolute and without links above it.
  ///
  /// The last one is the path with all links resolved. The targets of links are included, also
  /// those of links to links; the directory in which the path begins is not. A component that does
  /// not exist is taken as it is written.
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

  /// The path with the links in its existing components resolved.
  package var resolvedAsFarAsItExists: BytePath { places().last ?? self }

  /// The components of the path without `.`.
  private var parts: [BytePath] {
    bytes.split(separator: UInt8(ascii: "/")).map { BytePath($0) }.filter { $0 != BytePath(".") }
  }
}
