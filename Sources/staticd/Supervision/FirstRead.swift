/// What is known of the app's first read(2) of a connection, by which a reset tells that it has read
/// nothing.
struct FirstRead: Equatable {
  /// Its size in bytes; 0 where it is not known.
  let byteCount: Int
  /// Whether that is certain: not where a configuration file may have the app expect TLS.
  let isCertain: Bool
}
