#if NIO
  internal import StaticAssets

  #if canImport(Glibc)
    internal import Glibc
  #elseif canImport(Musl)
    internal import Musl
  #else
    internal import Darwin
  #endif

  /// The value of `Date`, formatted once a second.
  struct DateValue {
    private var second: Int64 = -1
    private var text = ""

    /// The value for the current time.
    mutating func now() -> String {
      let second = Int64(time(nil))
      if second != self.second {
        text = PlainResponse.date(at: second)
        self.second = second
      }
      return text
    }
  }
#endif
