internal import Glibc
internal import StaticAssets

/// An error that prevents the start of a server, or an invalid value.
public struct StaticServerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of an error; kinds may be added.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The name of the constant.
    public let description: String

    /// Listening at an address failed.
    public static let cannotListen = Code(description: "cannotListen")
    /// A system call failed.
    public static let systemCall = Code(description: "systemCall")
    /// A value of the configuration is out of its range, or two values contradict each other.
    public static let invalidConfiguration = Code(description: "invalidConfiguration")
  }

  /// The kind of the error.
  public let code: Code
  /// The errno(3) value of the cause; nil for `invalidConfiguration`.
  public let errorNumber: Int32?
  /// One line: the address, call or value, the cause, and the remedy if one is known.
  public let description: String
}

extension StaticServerError {
  /// Listening at an address failed; `code` is an errno(3) value.
  package static func cannotListen(address: String, code: Int32) -> StaticServerError {
    let text = "cannot listen at \(address): \(FileError.text(of: code))\(remedy(for: code))"
    return StaticServerError(code: .cannotListen, errorNumber: code, description: text)
  }

  /// A system call failed; `code` is an errno(3) value.
  package static func system(call: String, code: Int32) -> StaticServerError {
    let text = "\(call): \(FileError.text(of: code))"
    return StaticServerError(code: .systemCall, errorNumber: code, description: text)
  }

  /// The value `name` of a configuration is invalid, for `reason`.
  static func invalid(_ name: String, _ reason: String) -> StaticServerError {
    let text = "configuration: \(name) \(reason)"
    return StaticServerError(code: .invalidConfiguration, errorNumber: nil, description: text)
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
  static func check(_ result: Int, _ call: String) throws(StaticServerError) -> Int32 {
    guard result < 0 else { return Int32(result) }
    throw .system(call: call, code: Int32(-result))
  }
}
