module ccmessaging/bench

go 1.22
