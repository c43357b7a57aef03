#if !NIO
  /// Unavailable without the trait `NIO`.
  @available(*, unavailable, message: "add traits: [\"NIO\"] for staticd")
  public struct StaticAssetsHandler {
    /// Accepts any argument, so that the only error is the one about the trait.
    public init(_ assets: Any) {}
  }

  /// Unavailable without the trait `NIO`.
  @available(*, unavailable, message: "add traits: [\"NIO\"] to the dependency on staticd")
  public struct StaticFallbackHandler {
    /// Accepts any argument, so that the only error is the one about the trait.
    public init(_ assets: Any) {}
  }

  /// Unavailable without the trait `NIO`.
  @available(*, unavailable, message: "add traits: [\"NIO\"] to the dependency on staticd")
  public struct StaticFallback {
    /// Accepts any argument, so that the only error is the one about the trait.
    public init(_ assets: Any) {}
  }
#endif

#if !NIOHTTPTypes
  /// Unavailable without the trait `NIOHTTPTypes`.
  @available(*, unavailable, message: "add traits: [\"NIOHTTPTypes\"] to the dependency on staticd")
  public struct StaticAssetsHTTPTypesHandler {
    /// Accepts any argument, so that the only error is the one about the trait.
    public init(_ assets: Any) {}
  }

  /// Unavailable without the trait `NIOHTTPTypes`.
  @available(*, unavailable, message: "add traits: [\"NIOHTTPTypes\"] to the dependency on staticd")
  public struct StaticFallbackHTTPTypesHandler {
    /// Accepts any argument, so that the only error is the one about the trait.
    public init(_ assets: Any) {}
  }
#endif
