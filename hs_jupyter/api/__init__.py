"""The rim to the service: connection and key, transport, envelope, pages."""
