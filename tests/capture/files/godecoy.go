package main

import (
	"fmt"
	"time"
)

func main() {
	secret := "DECOY-SECRET-not-a-real-password"
	fmt.Println(len(secret))
	time.Sleep(20 * time.Second)
}
