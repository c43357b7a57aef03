internal import Glibc
internal import StaticAssets

/// Why a server cannot start.
public enum ServerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system refused to listen at an address; the code is an error number as in errno(3).
  case cannotListen(address: String, code: Int32)
  /// A system call failed; the code is an error number as in errno(3).
  case system(call: String, code: Int32)

  /// One line: what is wrong, and what to do.
  public var description: String {
    switch self {
    case .cannotListen(let address, let code):
      "cannot listen at \(address): \(FileError.text(of: code))\(Self.remedy(for: code))"
    case .system(let call, let code): "\(call): \(FileError.text(of: code))"
    }
  }

  private static func remedy(for code: Int32) -> String {
    switch code {
    case EADDRINUSE: "; stop what listens there or choose another --listen"
    case EACCES, EPERM: "; ports below 1024 need a privilege, choose a higher one"
    case EINVAL: "; this is no listening socket"
    case EADDRNOTAVAIL: "; this machine does not have that address"
    default: ""
    }
  }

  /// The value of `result`, or an error when it is a negative error number.
  static func check(_ result: Int, _ call: String) throws(ServerError) -> Int32 {
    guard result < 0 else { return Int32(result) }
    throw .system(call: call, code: Int32(-result))
  }
}
