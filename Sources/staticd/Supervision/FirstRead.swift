/// The size of the app's first read(2) of a connection, by which a reset proves that the app has
/// read nothing.
struct FirstRead: Equatable {
  /// Its size in bytes; 0 if it is unknown.
  let byteCount: Int
  /// Whether that is certain: not if a configuration file may make the app expect TLS.
  let isCertain: Bool
}
