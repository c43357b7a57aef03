internal import Glibc
internal import StaticAssets

/// An error that prevents the start of a server.
public enum ServerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An address cannot be listened at; `code` is an errno(3) value.
  case cannotListen(address: String, code: Int32)
  /// A system call failed; `code` is an errno(3) value.
  case system(call: String, code: Int32)

  /// One line: the address or call, the cause, and the remedy if one is known.
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
    case EPROTOTYPE: "; only stream sockets can be served (ListenStream= in a unit of systemd)"
    case EAFNOSUPPORT: "; this machine has no IPv6, give an IPv4 address such as 0.0.0.0"
    case EADDRNOTAVAIL: "; this machine does not have that address"
    default: ""
    }
  }

  /// The value of `result`; throws if it is a negative error number.
  static func check(_ result: Int, _ call: String) throws(ServerError) -> Int32 {
    guard result < 0 else { return Int32(result) }
    throw .system(call: call, code: Int32(-result))
  }
}
